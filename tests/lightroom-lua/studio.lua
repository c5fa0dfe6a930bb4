-- A Lightroom whose plug-in talks with a fake host: what most tests begin with.
local FakeHost = require "fake_host"
local World = require "stubs.world"

local Studio = {}
Studio.__index = Studio

local FOLDER = assert(os.getenv("JUNMAI_LRPLUGIN"), "JUNMAI_LRPLUGIN names the plug-in's folder")
local FAST = 20 -- waits of the plug-in take a twentieth of their time

-- `settings` are those of the Plug-in Manager.
function Studio.new(settings)
    local world = World.new(FOLDER, FAST)
    local host = FakeHost.new(world.scheduler, world:require("Json"))
    world.desk.prefs.address = host:address()
    world.desk.prefs.reportImports = false
    for name, value in pairs(settings or {}) do
        world.desk.prefs[name] = value
    end
    return setmetatable(
        { world = world, host = host, catalog = world.catalog, desk = world.desk }, Studio)
end

function Studio.folder()
    return FOLDER
end

-- Load the plug-in as Lightroom does at its start.
function Studio:start()
    self.world:run("Init")
    return self
end

function Studio:await(what, ready, limit_s)
    self.world:await(what, ready, limit_s)
end

function Studio:awaitConnected()
    local count = self.host:count("subscribe")
    self:await("a subscription", function()
        return self.host:count("subscribe") > count
    end)
    return self
end

function Studio:awaitResult(id)
    self:await("the result of " .. id, function()
        return self.host.results[id] ~= nil
    end)
    return self.host.results[id]
end

-- The tasks end, and none of them has failed.
function Studio:finish()
    self.world:run("Shutdown")
    if #self.world.scheduler.failures > 0 then
        error("a task failed: " .. self.world.scheduler.failures[1], 2)
    end
    for _, line in ipairs(self.desk.log) do
        if string.find(line, "^error") and not self.expectsErrors then
            error("the log has an error: " .. line, 2)
        end
    end
    if self.host.server then
        self.host:stop()
    end
end

return Studio
