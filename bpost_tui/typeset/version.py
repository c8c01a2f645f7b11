"""The version of HarfBuzz."""


def harfbuzz_version() -> str:
    """Return HarfBuzz's version, that of the library itself."""
    import uharfbuzz as hb  # 33 ms

    return str(hb.version_string())
