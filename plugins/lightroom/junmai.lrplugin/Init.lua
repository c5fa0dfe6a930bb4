-- Runs once when Lightroom loads the plug-in: the service begins in tasks of its own.
local Service = require "Service"

Service.start()
