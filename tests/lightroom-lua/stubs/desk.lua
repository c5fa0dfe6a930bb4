-- What a photographer sees and sets: LrDialogs, LrProgressScope, LrView, LrPrefs, LrPasswords, and
-- the log. And LrPathUtils, LrFileUtils.
local strict = require "stubs.strict"

local Desk = {}
Desk.__index = Desk

function Desk.new()
    return setmetatable({
        messages = {}, -- of dialogs
        scopes = {}, -- progress bars, in their order
        prefs = {},
        passwords = {},
        log = {},
        cancelNext = false, -- true: the photographer cancels whatever begins
    }, Desk)
end

function Desk:progressScope(arguments)
    assert(type(arguments.title) == "string", "LrProgressScope{title = …}")
    local shown = {
        title = arguments.title, done = false, cancelled = self.cancelNext, portions = {},
    }
    table.insert(self.scopes, shown)
    shown.object = strict("LrProgressScope object", {
        setPortionComplete = function(_, part, whole)
            assert(part >= 0 and part <= whole, "a portion is between 0 and its whole")
            table.insert(shown.portions, part / whole)
        end,
        setCaption = function(_, caption)
            assert(type(caption) == "string", "a caption is a text")
            shown.caption = caption
        end,
        setCancelable = function(_, can)
            shown.cancelable = can
        end,
        isCanceled = function()
            return shown.cancelled
        end,
        done = function()
            shown.done = true
        end,
    })
    return shown.object
end

function Desk:logger()
    local function write(level)
        return function(_, text)
            assert(type(text) == "string", "what is logged is a text")
            table.insert(self.log, level .. " " .. text)
        end
    end
    return strict("LrLogger object", {
        enable = function(_, where)
            assert(where == "logfile" or where == "print", "where to log")
        end,
        info = write("info"),
        warn = write("warn"),
        error = write("error"),
    })
end

local view = strict("LrView", {
    bind = function(binding)
        return { bound = type(binding) == "table" and binding.key or binding }
    end,
})

-- A factory of views: a view is a table of what it was made of.
function Desk.viewFactory()
    local factory = {}
    for _, kind in ipairs { "row", "checkbox", "static_text", "edit_field", "password_field" } do
        factory[kind] = function(_, arguments)
            arguments.kind = kind
            return arguments
        end
    end
    return strict("view factory", factory)
end

function Desk:namespaces()
    return {
        LrDialogs = strict("LrDialogs", {
            message = function(title, text)
                table.insert(self.messages, title .. ": " .. text)
            end,
        }),
        LrProgressScope = function(arguments)
            return self:progressScope(arguments)
        end,
        LrLogger = function(name)
            assert(type(name) == "string", "a log has a name")
            return self:logger()
        end,
        LrView = view,
        LrPrefs = strict("LrPrefs", {
            prefsForPlugin = function()
                return self.prefs
            end,
        }),
        LrPasswords = strict("LrPasswords", {
            store = function(key, password)
                assert(type(password) == "string", "a password is a text")
                self.passwords[key] = password
            end,
            retrieve = function(key)
                return self.passwords[key]
            end,
        }),
        LrPathUtils = strict("LrPathUtils", {
            leafName = function(path)
                return string.match(path, "[^/\\]+$")
            end,
        }),
        LrFileUtils = strict("LrFileUtils", {
            fileAttributes = function()
                return { fileSize = 4711 }
            end,
        }),
    }
end

return Desk
