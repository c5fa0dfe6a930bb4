-- The plug-in at work: its session and the tasks around it. There is one of them at a time; it
-- lives in this module, which Lightroom loads once, and nowhere else.
local LrTasks = import "LrTasks"
local Connection = require "Connection"
local Http = require "Http"
local ImportWatch = require "ImportWatch"
local Session = require "Session"
local Settings = require "Settings"
local Worker = require "Worker"
local log = require "Log"

local Service = {}

local current = nil

local function handlersFor(worker)
    local function wake()
        worker:wake()
    end
    return {
        connected = wake,
        job_created = wake,
        job_requeued = wake,
        job_cancelled = function(message)
            worker:cancel(message.job_id)
        end,
    }
end

local function build(settings, address, options)
    local session = Session.new(Http.new(address, settings.token),
        Settings.channelList(settings.channels))
    local worker = Worker.new(session, options)
    local parts = { Connection.new(session, handlersFor(worker)), worker }
    if settings.reportImports then
        parts[#parts + 1] = ImportWatch.new(session, options.imports_s)
    end
    return {
        settings = settings,
        session = session,
        connection = parts[1],
        worker = worker,
        parts = parts,
    }
end

-- The tasks end at their next step. The session that they had, which is still to leave the host.
local function halt()
    local session = current and current.session
    if current then
        for _, part in ipairs(current.parts) do
            part:stop()
        end
    end
    current = nil
    return session
end

-- Begin, with the settings as they are. `options` shortens the periods of the parts, for tests.
function Service.start(options)
    Service.stop()
    local settings = Settings.read()
    local address, sentence = Settings.baseAddress(settings.address)
    if not settings.enabled then
        return
    elseif not address then
        log:error(sentence)
        return
    end
    current = build(settings, address, options or {})
    for _, part in ipairs(current.parts) do
        LrTasks.startAsyncTask(function()
            part:run()
        end)
    end
end

-- Stop; the host is told in a task.
function Service.stop()
    local session = halt()
    if session then
        LrTasks.startAsyncTask(function()
            session:leave()
        end)
    end
end

-- Stop and tell the host, which gives the job that is leased here to another. Yields.
function Service.leave()
    local session = halt()
    if session then
        session:leave()
    end
end

-- Now instead of at the next attempt.
function Service.reconnect()
    if current then
        current.connection:hurry()
    else
        Service.start()
    end
end

-- A file was exported. Yields.
function Service.announceExport(message)
    if not current or not current.settings.reportExports then
        return
    end
    local ok, sentence = current.session:announce("export", message)
    if not ok then
        log:warn("an export was not announced: " .. sentence)
    end
end

function Service.jobsDone()
    return current and current.worker.done or 0
end

-- For people.
function Service.describe()
    if not current then
        return "Junmai is switched off, or its address is not one. Look into the Plug-in Manager."
    end
    local lines = { "Host: " .. current.session.http.address }
    if current.session.registered and not current.connection.problem then
        lines[#lines + 1] = "Connected."
    else
        lines[#lines + 1] = "Not connected: " .. (current.connection.problem or "connecting")
    end
    lines[#lines + 1] = string.format("Jobs done since the start: %d", Service.jobsDone())
    if current.worker.job then
        lines[#lines + 1] = "Working on job " .. current.worker.job.id
    end
    return table.concat(lines, "\n")
end

return Service
