-- Cooperative tasks on one thread, as Lightroom has them. Time may run faster than the wall clock
-- (`scale`), so that a test of a wait of 30 s takes no 30 s; sockets keep real time.
local socket = require "socket"

local Scheduler = {}
Scheduler.__index = Scheduler

local IDLE_S = 0.002

function Scheduler.new(scale)
    return setmetatable({
        scale = scale or 1,
        base_s = 800000000, -- seconds since 2001
        began_s = socket.gettime(),
        tasks = {},
        current = nil, -- the task that runs
        failures = {}, -- sentences of tasks that ended with an error
    }, Scheduler)
end

-- Seconds of the tasks' time.
function Scheduler:now()
    return self.base_s + (socket.gettime() - self.began_s) * self.scale
end

-- From now on time runs at another speed.
function Scheduler:setScale(scale)
    self.base_s, self.began_s, self.scale = self:now(), socket.gettime(), scale
end

function Scheduler:spawn(body)
    table.insert(self.tasks, { thread = coroutine.create(body) })
end

-- Of the running task: go on when ready() is true or real time is `deadline_s`.
function Scheduler:waitFor(ready, deadline_s)
    assert(self.current, "a call that yields was made outside a task")
    coroutine.yield({ ready = ready, deadline_s = deadline_s })
end

function Scheduler:sleep(seconds)
    local until_s = self:now() + seconds
    self:waitFor(function()
        return self:now() >= until_s
    end)
end

local function isDue(task)
    local wait = task.wait
    return not wait or wait.ready() or (wait.deadline_s and socket.gettime() >= wait.deadline_s)
end

function Scheduler:resume(task)
    self.current = task
    local ok, result = coroutine.resume(task.thread)
    self.current = nil
    if not ok then
        local text = type(result) == "table" and result.sentence or tostring(result)
        table.insert(self.failures, debug.traceback(task.thread, text))
    end
    task.wait = result
    return coroutine.status(task.thread) ~= "dead"
end

-- One turn; true when some task has run.
function Scheduler:turn()
    local turn, left, ran = self.tasks, {}, false
    self.tasks = {}
    for _, task in ipairs(turn) do
        local lives = true
        if isDue(task) then
            lives, ran = self:resume(task), true
        end
        if lives then
            left[#left + 1] = task
        end
    end
    for _, task in ipairs(self.tasks) do -- begun in this turn
        left[#left + 1] = task
    end
    self.tasks = left
    return ran
end

-- Run until done() is true; false when that has not happened within `limit_s` of real time.
function Scheduler:runUntil(done, limit_s)
    local deadline_s = socket.gettime() + limit_s
    while not done() do
        if socket.gettime() > deadline_s then
            return false
        end
        if not self:turn() then
            socket.sleep(IDLE_S)
        end
    end
    return true
end

return Scheduler
