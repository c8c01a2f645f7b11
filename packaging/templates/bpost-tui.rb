# Made by tools/package_recipes.py of a release; brew checks the source by its hash, pip all that it installs by those in the lock file.
class BpostTui < Formula
  desc "@DESCRIPTION@"
  homepage "@HOME@"
  url "@URL@"
  sha256 "@SHA256@"
  license "MIT"

  depends_on "python@3.13"

  def install
    system Formula["python@3.13"].opt_bin/"python3.13", "tools/private_venv.py", libexec
    bin.install_symlink libexec/"bin/bpost", libexec/"bin/bpost-tui"
    man1.install_symlink libexec/"share/man/man1/bpost.1"
    bash_completion.install_symlink libexec/"share/bash-completion/completions/bpost"
    zsh_completion.install_symlink libexec/"share/zsh/site-functions/_bpost"
    fish_completion.install_symlink libexec/"share/fish/vendor_completions.d/bpost.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/bpost --version")
  end
end
