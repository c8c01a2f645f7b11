# Made by tools/package_recipes.py of a release. What bpost needs comes from nixpkgs, or, where that doesn't have it, from PyPI by the lock file's
# hashes.
{
  description = "@DESCRIPTION@";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixpkgs-unstable";

  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      each = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
    in {
      packages = each (pkgs:
        let
          py = pkgs.python3Packages;
          wheel = pname: version: url: sha256: dependencies: py.buildPythonPackage {
            inherit pname version dependencies;
            format = "wheel";
            src = pkgs.fetchurl { inherit url sha256; };
          };
          avro-py = wheel "avro-py" "@AVRO_VERSION@" "@AVRO_URL@" "@AVRO_SHA256@" [ ];
          fontpkg = wheel "fontpkg" "@FONTPKG_VERSION@" "@FONTPKG_URL@" "@FONTPKG_SHA256@" [ ];
          fontpkg-hind-siliguri = wheel "fontpkg-hind-siliguri" "@FONT_VERSION@" "@FONT_URL@" "@FONT_SHA256@" [ fontpkg ];
        in {
          default = py.buildPythonApplication {
            pname = "bpost-tui";
            version = "@VERSION@";
            pyproject = true;
            src = pkgs.fetchurl { url = "@URL@"; sha256 = "@SHA256@"; };
            build-system = [ py.hatchling py.babel ];
            dependencies = [ @DEPENDENCIES@ ];
            pythonImportsCheck = [ "bpost_tui" ];
            meta.mainProgram = "bpost";
          };
        });
    };
}
