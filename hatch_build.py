"""The wheel's build hook: builds the styles and packs what lives beside the package into it.

In a checkout templates/, static/ and translations/ stand at the top, where people look for them;
in a wheel they travel inside family_voice/, where `settings.asset_folder` finds them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "assets"))
import build_styles as assets

BESIDE = ("templates", "static", "translations")


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds missing or stale styles before every build, editable ones too."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node for the build's own environment where the machine has none."""
        return [] if assets.npm_command() else [assets.NODE_NEEDED]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, then force the folders into a real wheel; an editable one reads the checkout."""
        assets.build()
        if version != "editable":
            for folder in BESIDE:
                build_data["force_include"][str(assets.ROOT / folder)] = f"family_voice/{folder}"
