-- What the photographer has set in the Plug-in Manager. The token lies where the system keeps
-- passwords; all else in Lightroom's preferences of this plug-in.
local LrPasswords = import "LrPasswords"
local LrPrefs = import "LrPrefs"

local Settings = {}

local TOKEN_KEY = "junmai.token"

Settings.defaults = {
    enabled = true,
    address = "http://127.0.0.1:5100",
    channels = "jobs, system, photos",
    reportImports = true,
    reportExports = true,
}

-- A copy of all of them, the token too.
function Settings.read()
    local prefs = LrPrefs.prefsForPlugin()
    local settings = { token = LrPasswords.retrieve(TOKEN_KEY) or "" }
    for name, default in pairs(Settings.defaults) do
        settings[name] = prefs[name]
        if settings[name] == nil then
            settings[name] = default
        end
    end
    return settings
end

function Settings.write(settings)
    local prefs = LrPrefs.prefsForPlugin()
    for name in pairs(Settings.defaults) do
        prefs[name] = settings[name]
    end
    LrPasswords.store(TOKEN_KEY, settings.token or "")
end

-- "jobs, system" as a list. "jobs" is always among them: without it no job would be noticed.
function Settings.channelList(text)
    local list, seen = { "jobs" }, { jobs = true }
    for name in string.gmatch(text, "[%w_.-]+") do
        name = string.lower(name)
        if not seen[name] then
            seen[name] = true
            list[#list + 1] = name
        end
    end
    return list
end

-- The address without what would double a slash, or nil and a sentence.
function Settings.baseAddress(text)
    local address = string.match(text or "", "^%s*(https?://[^%s/?#]+)/*%s*$")
    if address then
        return address
    end
    return nil, "'" .. tostring(text) .. "' is no address of Junmai; it looks like "
        .. Settings.defaults.address
end

-- A value that must outlive Lightroom and is not for the photographer to set.
function Settings.remember(name, value)
    LrPrefs.prefsForPlugin()[name] = value
end

function Settings.recall(name)
    return LrPrefs.prefsForPlugin()[name]
end

return Settings
