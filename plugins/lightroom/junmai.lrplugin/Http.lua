-- Requests to the host. Each yields, so it needs a task. An answer is {status, body}, its body
-- decoded from JSON; without an answer it is nil and a sentence.
local LrHttp = import "LrHttp"
local Json = require "Json"

local Http = {}
Http.__index = Http

-- Lightroom counts this for each phase of a connection, so it is no total.
local TIMEOUT_S = 10

function Http.new(address, token)
    return setmetatable({ address = address, token = token }, Http)
end

local function headersFor(self, hasBody)
    local headers = { { field = "Accept", value = "application/json" } }
    if hasBody then
        headers[#headers + 1] = { field = "Content-Type", value = "application/json" }
    end
    if self.token ~= "" then
        headers[#headers + 1] = { field = "Authorization", value = "Bearer " .. self.token }
    end
    return headers
end

local function readAnswer(what, body, headers)
    if not body or not headers or not headers.status then
        local problem = headers and headers.error or {}
        return nil, string.format("no answer to %s: %s", what,
            problem.name or problem.errorCode or "the host cannot be reached")
    end
    local decoded, sentence = Json.decode(body)
    if decoded == nil and body ~= "" then
        return nil, string.format("the answer to %s is no JSON: %s", what, sentence)
    end
    return { status = headers.status, body = type(decoded) == "table" and decoded or {} }
end

function Http:get(path, timeout_s)
    local body, headers =
        LrHttp.get(self.address .. path, headersFor(self, false), timeout_s or TIMEOUT_S)
    return readAnswer(path, body, headers)
end

function Http:post(path, value)
    local body, headers = LrHttp.post(self.address .. path, Json.encode(value),
        headersFor(self, true), "POST", TIMEOUT_S)
    return readAnswer(path, body, headers)
end

-- The host's own words for what it refused.
function Http.reason(answer)
    local words = answer.body.error or answer.body.message
    return type(words) == "string" and words or "status " .. tostring(answer.status)
end

return Http
