/* Preloaded into a process: one call of a kind, counted over all of its processes, fails with an error.

   The order lies in a file that all of them map. Only a process that was armed counts: by `torture_arm`, or as it starts. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 1, READ, WRITE, FSYNC, RENAME, MMAP, FORK, CONNECT, KINDS };

struct order { _Atomic int kind, at, error, counts[KINDS]; };
static struct order *order;
static _Atomic int armed;

void torture_arm(void) { armed = order != NULL; }

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("TORTURE_ORDER");
    int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *page = (void *)syscall(SYS_mmap, NULL, sizeof *order, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    syscall(SYS_close, file);
    order = page == MAP_FAILED ? NULL : page;
    if (getenv("TORTURE_ARMED")) torture_arm();
}

static int fails(int kind) {
    if (!armed || ++order->counts[kind] != order->at || order->kind != kind) return 0;
    errno = order->error;
    return 1;
}

/* a loop's own pipe, by which a thread wakes it: it can't fail but by being full, and a loop that isn't woken sleeps on */
static int wakes(int file) {
    struct sockaddr_storage own;
    socklen_t size = sizeof own;
    return getsockname(file, (struct sockaddr *)&own, &size) == 0 && own.ss_family == AF_UNIX;
}

#define REAL(name) static typeof(&name) real; if (!real) real = (typeof(&name))dlsym(RTLD_NEXT, #name)
#define WRAP(kind, type, failed, name, params, args) type name params { REAL(name); return fails(kind) ? (failed) : real args; }
#define MODE(flags) int mode = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { va_list list; va_start(list, flags); mode = va_arg(list, int); va_end(list); }
#define OPENS(name) int name(const char *path, int flags, ...) { MODE(flags) REAL(name); return fails(OPEN) ? -1 : real(path, flags, mode); }
#define OPENS_AT(name) int name(int at, const char *path, int flags, ...) { MODE(flags) REAL(name); return fails(OPEN) ? -1 : real(at, path, flags, mode); }

OPENS(open) OPENS(open64) OPENS_AT(openat) OPENS_AT(openat64)
WRAP(OPEN, FILE *, NULL, fopen, (const char *path, const char *mode), (path, mode))
WRAP(OPEN, FILE *, NULL, fopen64, (const char *path, const char *mode), (path, mode))
WRAP(OPEN, DIR *, NULL, opendir, (const char *path), (path))
WRAP(READ, ssize_t, -1, read, (int file, void *to, size_t size), (file, to, size))
WRAP(READ, ssize_t, -1, pread, (int file, void *to, size_t size, off_t at), (file, to, size, at))
WRAP(READ, ssize_t, -1, pread64, (int file, void *to, size_t size, off64_t at), (file, to, size, at))
WRAP(READ, ssize_t, -1, readv, (int file, const struct iovec *to, int n), (file, to, n))
ssize_t recv(int file, void *to, size_t size, int flags) { REAL(recv); return !wakes(file) && fails(READ) ? -1 : real(file, to, size, flags); }
WRAP(WRITE, ssize_t, -1, write, (int file, const void *from, size_t size), (file, from, size))
WRAP(WRITE, ssize_t, -1, pwrite, (int file, const void *from, size_t size, off_t at), (file, from, size, at))
WRAP(WRITE, ssize_t, -1, pwrite64, (int file, const void *from, size_t size, off64_t at), (file, from, size, at))
WRAP(WRITE, ssize_t, -1, writev, (int file, const struct iovec *from, int n), (file, from, n))
ssize_t send(int file, const void *from, size_t size, int flags) { REAL(send); return !wakes(file) && fails(WRITE) ? -1 : real(file, from, size, flags); }
WRAP(FSYNC, int, -1, fsync, (int file), (file))
WRAP(FSYNC, int, -1, fdatasync, (int file), (file))
WRAP(RENAME, int, -1, rename, (const char *from, const char *to), (from, to))
WRAP(RENAME, int, -1, renameat, (int at, const char *from, int there, const char *to), (at, from, there, to))
WRAP(RENAME, int, -1, renameat2, (int at, const char *from, int there, const char *to, unsigned flags), (at, from, there, to, flags))
WRAP(MMAP, void *, MAP_FAILED, mmap, (void *at, size_t size, int may, int flags, int file, off_t from), (at, size, may, flags, file, from))
WRAP(MMAP, void *, MAP_FAILED, mmap64, (void *at, size_t size, int may, int flags, int file, off64_t from), (at, size, may, flags, file, from))
WRAP(FORK, pid_t, -1, fork, (void), ())
WRAP(CONNECT, int, -1, connect, (int file, const struct sockaddr *to, socklen_t size), (file, to, size))

/* as fork: what vfork shares with its caller can't be wrapped */
pid_t vfork(void) { return fails(FORK) ? -1 : ((pid_t (*)(void))dlsym(RTLD_NEXT, "fork"))(); }

/* a thread is begun as a process is, by clone(2) */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*begin)(void *), void *argument) {
    REAL(pthread_create);
    return fails(FORK) ? order->error : real(thread, attributes, begin, argument);
}
