-- Leases develop jobs and does them, one after the other: one task for as long as the plug-in runs.
local LrDate = import "LrDate"
local LrTasks = import "LrTasks"
local Http = require "Http"
local JobRun = require "JobRun"
local Report = require "Report"
local log = require "Log"

local Worker = {}
Worker.__index = Worker

-- Asked for even when nothing was announced, since an announcement can be missed.
local PERIOD_S = 15
local STEP_S = 0.2

function Worker.new(session, options)
    options = options or {}
    return setmetatable({
        session = session,
        period_s = options.period_s or PERIOD_S,
        heartbeat_s = options.heartbeat_s,
        stopped = false,
        awake = false,
        job = nil, -- that is being done
        done = 0,
    }, Worker)
end

function Worker:stop()
    self.stopped = true
end

-- There may be a job.
function Worker:wake()
    self.awake = true
end

-- The host has cancelled a job; if it is ours, it ends at its next step.
function Worker:cancel(id)
    if self.job and self.job.id == id then
        self.job.cancelled = true
    end
end

-- A job with its lease, or nil.
function Worker:lease()
    local answer, sentence = self.session.http:get("/job/next?" .. self.session:query())
    if not answer then
        log:warn(sentence)
        return nil
    elseif answer.status ~= 200 then
        if answer.status ~= 404 then
            log:warn("no job: " .. Http.reason(answer))
        end
        return nil
    end
    local body = answer.body
    if type(body.jobId) ~= "string" then
        log:warn("the host gave a job without an id")
        return nil
    end
    return {
        id = body.jobId,
        lease = body.lease,
        config = type(body.config) == "table" and body.config or {},
        photoId = type(body.photo_id) == "number" and body.photo_id > 0 and body.photo_id or nil,
        cancelled = false,
    }
end

function Worker:doOne()
    local job = self:lease()
    if not job then
        return false
    end
    local function isRunning()
        return not self.stopped
    end
    local function isWanted()
        return not job.cancelled and not self.stopped
    end
    self.job = job
    local report = Report.new(self.session, job, isRunning, self.heartbeat_s)
    local ok, problem = LrTasks.pcall(function()
        JobRun.new(job, report, self.session.http, isWanted):run()
    end)
    report:drop()
    self.job = nil
    self.done = self.done + 1
    if not ok then
        log:error("job " .. job.id .. ": " .. tostring(problem))
    end
    return true
end

function Worker:run()
    local asked_s = 0
    while not self.stopped do
        local due = self.awake or LrDate.currentTime() - asked_s >= self.period_s
        if due and self.session.registered then
            self.awake = false
            asked_s = LrDate.currentTime()
            self.awake = self:doOne() or self.awake
        else
            LrTasks.sleep(STEP_S)
        end
    end
end

return Worker
