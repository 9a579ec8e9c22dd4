package cmd

import "github.com/spf13/cobra"

func newAudit(app *App) *cobra.Command {
	return group("audit",
		"Download audit logs",
		`Downloads the audit logs that NAVER WORKS keeps for 6 months: who signed in,
what administrators did, and others. The endpoint is published and works on the
real service.`,
		`  worksctl audit download --since 2026-11-01 --until 2026-11-20 --out sign-ins.csv --profile sandbox`,
		newAuditDownload(app),
	)
}
