package auth

// PublishedScopes are the least that NAVER WORKS has to grant for what worksctl
// does there day by day: finding members (user.read), signing them out and
// suspending them (user), and messages of a bot (bot.message). Audit logs take
// one more, audit.read.
func PublishedScopes() []string { return []string{"user.read", "user", "bot.message"} }
