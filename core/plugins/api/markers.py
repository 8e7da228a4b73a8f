"""How hooks are declared and implemented; the project name keeps other pluggy users apart."""

import pluggy

PROJECT = "gongkai"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
