package seed

// The operating systems and app types of the contract.
const (
	ios     = "IOS"
	android = "ANDROID"
	windows = "WINDOWS"
	macOS   = "MACOS"

	worksMobile   = "WORKS_MOBILE"
	worksPC       = "WORKS_PC"
	driveExplorer = "DRIVE_EXPLORER"
	driveMobile   = "DRIVE_MOBILE"
)

// system is a version of an operating system. release is what people call it:
// Windows 11 is version 10.0.22631.
type system struct {
	release int
	version string
}

// systems returns the versions of a system, newest first.
func systems(os string) []system {
	switch os {
	case ios:
		return []system{
			{26, "26.1"}, {26, "26.0.1"}, {18, "18.7.2"}, {18, "18.6.2"}, {18, "18.5"}, {18, "18.1.1"}, {17, "17.7.2"}, {17, "17.6.1"},
			{17, "17.5"}, {17, "17.0.3"}, {16, "16.7.12"}, {16, "16.6"}, {15, "15.8.5"}, {14, "14.8.1"}, {13, "13.7"}, {12, "12.5.7"}, {11, "11.4.1"},
		}
	case android:
		return []system{{16, "16"}, {15, "15"}, {14, "14"}, {13, "13"}, {12, "12"}, {11, "11"}, {10, "10"}, {9, "9"}, {8, "8.1.0"}, {7, "7.1.2"}}
	case windows:
		return []system{
			{11, "10.0.26200.7171"}, {11, "10.0.26100.7171"}, {11, "10.0.22631.4460"}, {11, "10.0.22631.6199"}, {11, "10.0.22000.3260"},
			{10, "10.0.19045.6575"}, {10, "10.0.19045.5131"}, {10, "10.0.17763.6532"}, {8, "6.3.9600"}, {7, "6.1.7601"},
		}
	default:
		return []system{
			{26, "26.1"}, {15, "15.7.2"}, {15, "15.1.1"}, {14, "14.7.1"}, {14, "14.2"}, {13, "13.6.9"}, {12, "12.7.6"}, {11, "11.7.10"}, {10, "10.15.7"},
		}
	}
}

// systemVersion picks a version that runs on the model.
func (f *fleet) systemVersion(m model) string {
	all := f.systems[m.os]
	for len(all) > 1 && all[0].release > m.newest {
		all = all[1:]
	}
	for len(all) > 1 && all[len(all)-1].release < m.oldest {
		all = all[:len(all)-1]
	}
	return common(f, all).version
}

// app is an app on an operating system.
type app struct{ kind, os string }

func apps() []app {
	return []app{
		{worksMobile, ios}, {worksMobile, android}, {worksPC, windows}, {worksPC, macOS},
		{driveExplorer, windows}, {driveExplorer, macOS}, {driveMobile, ios}, {driveMobile, android},
	}
}

// appVersions returns the versions of an app, newest first, some of them with
// a suffix or a part of two digits. The first is the latest.
func appVersions(a app) []string {
	switch a.kind {
	case worksMobile:
		old := []string{
			"4.2.1", "4.2.0", "4.1.10", "4.2.1-beta", "4.1.9", "4.1.2", "4.0.3", "4.0", "3.9.12", "4.2.0+build.77", "3.9.2", "3.7.0", "3.5.10", "2.10.4",
		}
		if a.os == android {
			return append([]string{"4.3.1"}, append([]string{"4.3.0"}, old...)...)
		}
		return append([]string{"4.3.0"}, old...)
	case worksPC:
		return []string{"4.1.2", "4.1.1", "4.1.0.1187", "4.0.12", "4.0.9", "4.1.0-rc.2", "3.12.0", "3.8.4", "3.2.1"}
	case driveExplorer:
		return []string{"3.10.0", "3.9.4", "3.9.0.215", "3.8.11", "3.8.2", "3.6.0", "2.11.3"}
	default:
		return []string{"2.9.4", "2.9.3", "2.9.0", "2.8.12", "2.8.1-beta", "2.7.0", "2.1.10"}
	}
}

// appVersion picks the latest version, an older one in percentOld of 100
// cases, and seldom something else that devices report.
func (f *fleet) appVersion(a app, percentOld float64) string {
	all := f.apps[a]
	if f.chance(percentOld) {
		return common(f, all[1:])
	}
	switch n := f.IntN(1000); {
	case n < 7:
		return anyOf(f, []string{"unknown", "dev", "v4.3", "4..2", "4.x"})
	case n < 14:
		return all[0] + "-beta"
	default:
		return all[0]
	}
}

// AppVersions returns the latest version of every app on every system, as
// GET /security/app-versions names them.
func AppVersions() []AppVersion {
	var list []AppVersion
	for _, a := range apps() {
		list = append(list, AppVersion{AppType: a.kind, OSType: a.os, LatestVersion: appVersions(a)[0]})
	}
	return list
}
