-- Runs when Lightroom quits, which waits for doneFunction at most ten seconds: long enough to say
-- goodbye to the host, so that a job that is leased here goes back to the queue at once.
local LrTasks = import "LrTasks"
local Service = require "Service"

local function shutDown(doneFunction)
    LrTasks.startAsyncTask(function()
        local ok = LrTasks.pcall(Service.leave)
        doneFunction()
        return ok
    end)
end

return { LrShutdownFunction = shutDown }
