-- How long to wait after a failure: twice as long after each, up to a bound, and never the same for
-- two Lightrooms, so that a studio does not storm a host that has just come back.
local Backoff = {}
Backoff.__index = Backoff

local FIRST_S = 0.5
local LONGEST_S = 30

-- `random` gives numbers from 0 to 1.
function Backoff.new(random)
    return setmetatable({ random = random or math.random, next_s = FIRST_S }, Backoff)
end

-- Seconds to wait now: the upper half of the present step is chance.
function Backoff:step()
    local wait_s = self.next_s * (0.5 + 0.5 * self.random())
    self.next_s = math.min(self.next_s * 2, LONGEST_S)
    return wait_s
end

function Backoff:reset()
    self.next_s = FIRST_S
end

return Backoff
