-- Library > Plug-in Extras > Junmai: Connect Again. For those who do not want to wait for the next
-- attempt; a job that is being done goes on.
local Service = require "Service"

Service.reconnect()
