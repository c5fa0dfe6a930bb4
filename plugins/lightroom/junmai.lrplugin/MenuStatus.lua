-- Library > Plug-in Extras > Junmai: Status.
local LrDialogs = import "LrDialogs"
local Service = require "Service"

LrDialogs.message("Junmai", Service.describe(), "info")
