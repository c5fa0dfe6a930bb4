-- The plug-in's part of the Plug-in Manager: address, token, channels, what is announced, and the
-- state of the connection. Settings are taken when the dialog is closed.
local LrView = import "LrView"
local Service = require "Service"
local Settings = require "Settings"

local PluginInfo = {}

local bind = LrView.bind

function PluginInfo.startDialog(properties)
    for name, value in pairs(Settings.read()) do
        properties[name] = value
    end
    properties.state = Service.describe()
end

-- Connect anew only when something has changed: the dialog is opened for other plug-ins too.
function PluginInfo.endDialog(properties)
    local changed = false
    local settings = Settings.read()
    for name, value in pairs(settings) do
        changed = changed or properties[name] ~= value
        settings[name] = properties[name]
    end
    if changed then
        Settings.write(settings)
        Service.start()
    end
end

local function row(f, title, field)
    return f:row { f:static_text { title = title, width = 90 }, field }
end

function PluginInfo.sectionsForTopOfDialog(f, properties)
    return {
        {
            title = "Junmai",
            synopsis = bind { key = "address", object = properties },
            bind_to_object = properties,
            f:checkbox { title = "Work for Junmai", value = bind "enabled" },
            row(f, "Address", f:edit_field { value = bind "address", width_in_chars = 40 }),
            row(f, "Token", f:password_field { value = bind "token", width_in_chars = 40 }),
            row(f, "Channels", f:edit_field { value = bind "channels", width_in_chars = 40 }),
            f:checkbox { title = "Announce what is imported", value = bind "reportImports" },
            f:checkbox { title = "Announce what is exported", value = bind "reportExports" },
            f:static_text { title = bind "state", height_in_lines = 4, width_in_chars = 60 },
        },
    }
end

return PluginInfo
