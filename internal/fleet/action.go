package fleet

// Action is something that an administrator can do to a device.
type Action string

// The actions. Their values stand in journals and in JSON.
const (
	Notify     Action = "notify"      // ask the member to update the app (R10)
	Wipe       Action = "wipe"        // delete the app's data (R17)
	Reset      Action = "reset"       // factory defaults (R18)
	EnableMDM  Action = "mdm-enable"  // ask the member to register the device (R14)
	DisableMDM Action = "mdm-disable" // end remote management of the device (R16)
)
