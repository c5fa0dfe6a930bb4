-- Keeps the session alive and hands out what comes: one task that polls for as long as the plug-in
-- runs. A host that restarts or is away costs a wait, never the connection.
local LrDate = import "LrDate"
local LrTasks = import "LrTasks"
local Backoff = require "Backoff"
local log = require "Log"

local Connection = {}
Connection.__index = Connection

-- Between two polls of a host that does not wait for events itself, as the first hosts did not.
local PAUSE_S = 1
-- A wait is slept in steps, so that it can be cut short.
local STEP_S = 0.25

-- handlers[type](message) for what comes, and handlers.connected() when the host listens to us.
function Connection.new(session, handlers, random)
    return setmetatable({
        session = session,
        handlers = handlers,
        backoff = Backoff.new(random),
        stopped = false,
        hurried = false,
        problem = "not connected yet",
    }, Connection)
end

function Connection:stop()
    self.stopped = true
end

-- End the wait for the next attempt.
function Connection:hurry()
    self.hurried = true
end

function Connection:wait(seconds)
    local until_s = LrDate.currentTime() + seconds
    while not self.stopped and not self.hurried and LrDate.currentTime() < until_s do
        LrTasks.sleep(STEP_S)
    end
    self.hurried = false
end

-- A handler that fails costs its message alone.
function Connection:deliver(message)
    if type(message) ~= "table" or type(message.type) ~= "string" then
        return
    end
    local handler = self.handlers[message.type]
    if handler then
        local ok, problem = LrTasks.pcall(handler, message)
        if not ok then
            log:error("handling " .. message.type .. ": " .. tostring(problem))
        end
    end
    self.session:saw(message)
end

function Connection:welcome(message)
    local ok, sentence = self.session:introduce(message)
    if not ok then
        return nil, sentence
    end
    log:info("connected to " .. self.session.http.address)
    self.problem = nil
    self.handlers.connected()
    return true
end

-- One answer's messages; nil and a sentence when the host did not take our introduction.
function Connection:deliverAll(messages)
    for _, message in ipairs(messages) do
        if type(message) == "table" and message.type == "connection_established" then
            local ok, sentence = self:welcome(message)
            if not ok then
                return nil, sentence
            end
        else
            self:deliver(message)
        end
    end
    self.session:acknowledge()
    return true
end

-- One handshake or one poll; nil and a sentence when that did not work out.
function Connection:step()
    if not self.session.clientId then
        return self.session:handshake()
    end
    local began_s = LrDate.currentTime()
    local messages, sentence = self.session:poll()
    if not messages then
        return nil, sentence
    elseif self.stopped then
        return true -- not acknowledged: whoever comes next gets them
    end
    local ok
    ok, sentence = self:deliverAll(messages)
    if ok and #messages == 0 and LrDate.currentTime() - began_s < PAUSE_S then
        self:wait(PAUSE_S)
    end
    return ok, sentence
end

function Connection:run()
    while not self.stopped do
        local ran, ok, sentence = LrTasks.pcall(self.step, self)
        if ran and ok then
            self.backoff:reset()
        else
            self.problem = tostring(ran and sentence or ok)
            local wait_s = self.backoff:step()
            log:warn(string.format("%s; next attempt in %.1f s", self.problem, wait_s))
            self:wait(wait_s)
        end
    end
end

return Connection
