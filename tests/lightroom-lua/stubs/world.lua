-- A Lightroom for one test: a scheduler, a catalogue, a desk, and the plug-in loaded anew into it.
--
-- The plug-in's files see what Lightroom's Lua has and no more: its globals cannot be added to, so
-- that state in a global is an error, and what Lightroom has removed is missing.
local Catalog = require "stubs.catalog"
local Desk = require "stubs.desk"
local Scheduler = require "stubs.scheduler"

local World = {}
World.__index = World

local GLOBALS = {
    "assert", "error", "ipairs", "next", "pairs", "pcall", "rawequal", "rawget", "rawset", "select",
    "setmetatable", "getmetatable", "tonumber", "tostring", "type", "unpack", "math", "string",
    "table", "coroutine", "io",
}

function World:environment()
    local known = {
        os = { clock = os.clock, date = os.date, time = os.time, tmpname = os.tmpname },
        import = function(name)
            return self.namespaces[name]
                or error("Lightroom has no namespace " .. tostring(name), 2)
        end,
        require = function(name)
            return self:require(name)
        end,
    }
    for _, name in ipairs(GLOBALS) do
        known[name] = _G[name]
    end
    return setmetatable({}, {
        __index = function(_, name)
            if known[name] == nil then
                error("Lightroom's Lua has no global '" .. tostring(name) .. "'", 2)
            end
            return known[name]
        end,
        __newindex = function(_, name)
            error("the plug-in sets the global '" .. tostring(name) .. "'", 2)
        end,
    })
end

-- Run a file of the plug-in, as Lightroom does for a menu or a hook.
function World:run(name)
    local chunk = assert(loadfile(self.folder .. "/" .. name .. ".lua"))
    return setfenv(chunk, self.globals)()
end

function World:require(name)
    if self.loaded[name] == nil then
        self.loaded[name] = self:run(name)
    end
    return self.loaded[name]
end

-- `folder` is the plug-in; time runs `scale` times as fast as the clock.
function World.new(folder, scale)
    local self = setmetatable({ folder = folder, loaded = {}, namespaces = {} }, World)
    self.scheduler = Scheduler.new(scale)
    self.catalog = Catalog.new(self.scheduler)
    self.desk = Desk.new()
    self.globals = self:environment()
    local groups = {
        require "stubs.tasks"(self.scheduler),
        require "stubs.http"(self.scheduler, self.catalog),
        self.catalog:namespaces(),
        self.desk:namespaces(),
    }
    for _, group in ipairs(groups) do
        for name, namespace in pairs(group) do
            self.namespaces[name] = namespace
        end
    end
    return self
end

-- Call in a task and wait for its result.
function World:inTask(call)
    local done, result = false, nil
    self.scheduler:spawn(function()
        result = call()
        done = true
    end)
    local failures = #self.scheduler.failures
    assert(self.scheduler:runUntil(function()
        return done or #self.scheduler.failures > failures
    end, 60), "the task does not end")
    assert(done, self.scheduler.failures[#self.scheduler.failures])
    return result
end

-- Let the tasks run until ready() is true; an error that says what was awaited otherwise.
function World:await(what, ready, limit_s)
    if not self.scheduler:runUntil(ready, limit_s or 60) then
        error("awaited in vain: " .. what .. "\n  " .. table.concat(self.desk.log, "\n  "), 2)
    end
end

return World
