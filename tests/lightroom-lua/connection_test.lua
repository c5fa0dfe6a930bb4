-- Connecting, polling, and what happens when the host restarts, fails or loses an answer.
local check = require "check"
local Studio = require "studio"

local function connected(settings)
    return Studio.new(settings):start():awaitConnected()
end

check.test("handshake, connection_established, register, subscribe", function()
    local studio = connected { channels = "photos; Export, jobs" }
    check.equal(studio.host.requests[1], "POST /ws/handshake")
    check.equal(studio.host.requests[2], "GET /ws/poll")
    check.equal(studio.host.said[1], {
        type = "register", client_type = "lightroom", client_name = "Lightroom Classic Plugin",
        version = "3.0",
    })
    check.equal(studio.host.said[2],
        { type = "subscribe", channels = { "jobs", "photos", "export" } })
    studio:finish()
end)

check.test("the token goes with every request", function()
    local studio = Studio.new()
    studio.desk.passwords["junmai.token"] = "s3cret"
    studio:start():awaitConnected()
    check.equal(studio.host.authorization, "Bearer s3cret")
    studio:finish()
end)

check.test("a host that restarts gets its client back, which misses nothing", function()
    local studio = connected()
    studio.host:publish("jobs", { type = "queue_noise" })
    studio:await("the poll after the event", function()
        return studio.host.clients[next(studio.host.clients)].cursor == studio.host:head()
    end)
    studio.host:stop()
    studio.host:publish("jobs", { type = "job_created", job_id = "x" })
    studio.host:start()
    studio:awaitConnected()
    check.equal(studio.host:last("register").client_type, "lightroom")
    check.equal(studio.host:last("subscribe").epoch, "e1")
    check.equal(studio.host:last("subscribe").since, studio.host.events[1].seq)
    check.equal(studio.host:count("register"), 2)
    studio:finish()
end)

check.test("a host with another data directory is not asked for the events of the first", function()
    local studio = connected()
    studio.host:stop()
    studio.host.epoch = "e2"
    studio.host:start()
    studio:awaitConnected()
    check.equal(studio.host:last("subscribe").since, nil)
    studio:finish()
end)

check.test("a host that is away is tried again, with growing waits, until it is there", function()
    local studio = Studio.new()
    studio.host:stop()
    studio:start()
    studio:await("some attempts", function()
        return #studio.desk.log >= 6
    end)
    check.contains(studio.desk.log[1], "cannotConnectToHost")
    local first = tonumber(string.match(studio.desk.log[1], "in ([%d.]+) s"))
    local sixth = tonumber(string.match(studio.desk.log[6], "in ([%d.]+) s"))
    check.truth(first <= 0.5 and sixth >= 8 and sixth <= 16,
        "waits of " .. first .. " and " .. sixth)
    studio.host:start()
    studio:awaitConnected()
    studio:finish()
end)

check.test("waits differ by chance and are bounded", function()
    local Backoff = Studio.new().world:require("Backoff")
    local low = Backoff.new(function() return 0 end)
    local high = Backoff.new(function() return 1 end)
    for _, expected in ipairs { 0.5, 1, 2, 4, 8, 16, 30, 30 } do
        check.equal(low:step(), expected / 2)
        check.equal(high:step(), expected)
    end
    high:reset()
    check.equal(high:step(), 0.5)
end)

check.test("errors of the host are survived", function()
    local studio = connected()
    studio.host.broken = 3
    studio:await("the host works again", function()
        return studio.host.broken == 0
    end)
    studio.host:addJob("j1", { pipeline = {} })
    studio:awaitResult("j1")
    studio:finish()
end)

check.test("an answer that is lost on the way is given again", function()
    local studio = connected()
    studio.host.losePolls = 1
    studio.host:addJob("j1", { pipeline = {} })
    studio:awaitResult("j1")
    check.equal(studio.host.losePolls, 0)
    studio:finish()
end)

check.test("a host that does not wait is polled about once a second", function()
    local studio = Studio.new()
    studio.host.waits = false
    studio:start():awaitConnected()
    local function polls()
        local count = 0
        for _, request in ipairs(studio.host.requests) do
            count = count + (request == "GET /ws/poll" and 1 or 0)
        end
        return count
    end
    local began, before = studio.world.scheduler:now(), polls()
    studio:await("some polls", function()
        return polls() >= before + 5
    end)
    check.truth(studio.world.scheduler:now() - began >= 3.5, "polls too often")
    studio:finish()
end)

check.test("switched off, it asks for nothing; a bad address is said", function()
    local studio = Studio.new { enabled = false }
    studio:start()
    studio:await("nothing", function()
        return true
    end)
    check.equal(#studio.world.scheduler.tasks, 1, "tasks beside the host's")
    studio:finish()
    studio = Studio.new { address = "junmai" }
    studio.expectsErrors = true
    studio:start()
    check.contains(studio.desk.log[1], "'junmai' is no address")
    studio.world:run("MenuStatus")
    check.contains(studio.desk.messages[1], "switched off")
    studio:finish()
end)

check.test("the menus: status, and connect again at once", function()
    local studio = Studio.new()
    studio.host:stop()
    studio:start()
    studio:await("some attempts", function()
        return #studio.desk.log >= 6
    end)
    studio.world:run("MenuStatus")
    check.contains(studio.desk.messages[1], "Not connected: no answer to /ws/handshake")
    studio.host:start()
    -- Slow: the wait of 8 s or more would outlast the test.
    studio.world.scheduler:setScale(0.1)
    studio.world:run("MenuReconnect")
    studio:await("the connection", function()
        return string.find(studio.world:require("Service").describe(), "Connected.", 1, true)
    end)
    studio:finish()
end)

check.test("Lightroom quits: the host is told", function()
    local studio = connected()
    local id = next(studio.host.clients)
    local done = false
    studio.world:run("ShutdownApp").LrShutdownFunction(function()
        done = true
    end)
    studio:await("the goodbye", function()
        return done
    end)
    check.equal(studio.host.left, id)
    studio:finish()
end)

check.finish()
