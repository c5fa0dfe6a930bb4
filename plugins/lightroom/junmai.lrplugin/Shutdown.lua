-- Runs when the plug-in is disabled or reloaded: its tasks end at their next step.
local Service = require "Service"

Service.stop()
