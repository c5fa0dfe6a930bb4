-- Lightroom's Lua for the plug-in, Lua 5.1 for its tests.
std = "lua51"
max_line_length = 100
unused_args = true
files["plugins/lightroom/junmai.lrplugin"].read_globals = { "import", "LOC", "_PLUGIN" }
