-- What Lightroom Classic reads before anything else: the name of the plug-in, the SDK that it
-- needs, and which file does what. Plain data; no code runs here.
return {
    LrSdkVersion = 13.0,
    LrSdkMinimumVersion = 6.0,
    LrToolkitIdentifier = "studio.junmai.lightroom",
    LrPluginName = "Junmai",

    LrInitPlugin = "Init.lua",
    LrForceInitPlugin = true, -- at start, not when a menu is first opened
    LrShutdownPlugin = "Shutdown.lua",
    LrShutdownApp = "ShutdownApp.lua",
    LrPluginInfoProvider = "PluginInfo.lua",

    -- Lightroom initialises a plug-in at start only if it has a menu item.
    LrLibraryMenuItems = {
        { title = "Junmai: Status", file = "MenuStatus.lua" },
        { title = "Junmai: Connect Again", file = "MenuReconnect.lua" },
    },

    LrExportFilterProvider = {
        {
            title = "Tell Junmai",
            file = "ExportFilter.lua",
            id = "studio.junmai.lightroom.tell",
        },
    },

    VERSION = { major = 1, minor = 0, revision = 0, build = 0 },
}
