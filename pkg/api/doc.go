// Package api is a client for the device contract of worksctl
// (docs/openapi.yaml) and for the published endpoints of the NAVER WORKS API
// 2.0 that device administration uses.
//
// NAVER WORKS publishes no device API: everything under /security/devices,
// /security/device-commands, /security/app-versions and /security/mdm is
// worksctl's own contract, which a company gateway or the embedded sandbox
// implements. Each method says which of the two it speaks to.
//
// A [Client] is made by [New] and is safe for use by several goroutines. Every
// request passes one chain of small layers:
//
//	retry → auth → pace → timeout → trace → once → interim → transport
//
// Requests that only read are repeated on faults of the network, on 429, 502,
// 503 and 504, and when a body doesn't arrive whole. A request that acts is
// repeated only where it was surely not carried out; when its outcome can't be
// known the error is an [*UnknownOutcomeError]. Answers that refuse are an
// [*Error], which [errors.Is] compares with the sentinels of this package.
//
// When its context ends, a request that reads is broken off. One that acts is
// no longer sent, but once it is on its way it runs to its answer or to
// [Options.Timeout], since breaking it off would leave its outcome unknown.
package api
