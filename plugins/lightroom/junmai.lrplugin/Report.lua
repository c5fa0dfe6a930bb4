-- Tells the host how one job is going. What it says while the job runs may be lost; its end may
-- not: the result is posted until the host has answered. Functions here yield.
local LrDate = import "LrDate"
local LrTasks = import "LrTasks"
local Backoff = require "Backoff"
local Http = require "Http"
local Json = require "Json"
local log = require "Log"

local Report = {}
Report.__index = Report

-- Progress within a stage is told at most so often.
local QUIET_S = 0.5
-- A report renews the lease; when nothing happens, the last one is repeated.
local HEARTBEAT_S = 60

-- `isRunning` tells whether the plug-in still runs.
function Report.new(session, job, isRunning, heartbeat_s)
    return setmetatable({
        session = session,
        job = job,
        isRunning = isRunning,
        heartbeat_s = heartbeat_s or HEARTBEAT_S,
        began_s = LrDate.currentTime(),
        told_s = 0,
        last = nil, -- the progress that was told last
        ended = false,
    }, Report)
end

function Report:say(message)
    message.job_id, message.lease = self.job.id, self.job.lease
    local ok, sentence = self.session:send(message)
    if not ok then
        log:warn(message.type .. " of job " .. self.job.id .. " was not taken: " .. sentence)
    end
    return ok
end

function Report:started(photoInfo)
    self:say { type = "job_started", photo_info = photoInfo }
end

-- `percent` is of the whole job.
function Report:progress(stage, percent, message, details)
    local now_s = LrDate.currentTime()
    local sameStage = self.last and self.last.stage == stage
    self.last = {
        type = "job_progress", stage = stage, progress = percent, message = message or "",
        details = details or {},
    }
    if not sameStage or now_s - self.told_s >= QUIET_S then
        self.told_s = now_s
        self:say(self.last)
    end
end

function Report:stageCompleted(stage, result)
    self:say { type = "stage_completed", stage = stage, result = result or {} }
end

-- Keep the lease while Lightroom works on one photograph for long.
function Report:startHeartbeat()
    LrTasks.startAsyncTask(function()
        while not self.ended and self.isRunning() do
            LrTasks.sleep(self.heartbeat_s)
            if not self.ended and self.last then
                self.told_s = LrDate.currentTime()
                self:say(self.last)
            end
        end
    end)
end

-- True when the host has answered for good, with whatever.
function Report:post(body)
    local answer, sentence = self.session.http:post("/job/" .. self.job.id .. "/result", body)
    if not answer or answer.status >= 500 or answer.status == 429 then
        log:warn("the result of job " .. self.job.id .. " is not taken yet: "
            .. (sentence or Http.reason(answer)))
        return false
    elseif answer.status ~= 200 then
        log:warn("the result of job " .. self.job.id .. " is not wanted: " .. Http.reason(answer))
    end
    return true
end

function Report:postUntilTaken(body)
    local backoff = Backoff.new()
    while self.isRunning() and not self:post(body) do
        LrTasks.sleep(backoff:step())
    end
end

function Report:succeed(result)
    self.ended = true
    self:say {
        type = "job_completed", success = true, result = result,
        duration = LrDate.currentTime() - self.began_s,
    }
    self:postUntilTaken { status = "success", lease = self.job.lease, result = result }
end

-- `problem` is {sentence, kind, stage, details}.
function Report:fail(problem)
    self.ended = true
    self:say {
        type = "error_occurred", error_type = problem.kind, error_message = problem.sentence,
        error_details = problem.details or {}, stage = problem.stage,
    }
    self:say {
        type = "job_failed", success = false, error_message = problem.sentence,
        result = { reason = problem.sentence, warnings = Json.array(problem.warnings) },
        duration = LrDate.currentTime() - self.began_s,
    }
    self:postUntilTaken { status = "failure", reason = problem.sentence, lease = self.job.lease }
end

-- The host has taken the job back, so it does not want to hear of it.
function Report:drop()
    self.ended = true
end

return Report
