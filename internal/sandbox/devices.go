package sandbox

// scanLimit is how many rows one page looks at. A filter that matches few of a
// million devices answers short or even empty pages with a next cursor, as
// the contract allows, so that no page takes long.
const scanLimit = 50_000

func listDevices(c *call) (answer, error) {
	match, err := parseFilter(c.req.URL.Query())
	if err != nil {
		return answer{}, err
	}
	order, err := parseOrder(c.req.URL.Query())
	if err != nil {
		return answer{}, err
	}
	p, err := c.page(c.Settings.MaxCount)
	switch {
	case err != nil:
		return answer{}, err
	case p.empty:
		return c.respond("devices", []Device{}, "")
	case order != nil:
		return c.listOrdered(match, order, p)
	}
	rows := make([]Device, 0, p.count)
	next, seen := "", 0
	for id, b := range c.tx.Ascend(bucketDevices, p.after) {
		if id == p.after && c.fault != faultRowMoving {
			continue
		}
		if len(rows) == p.count || seen == scanLimit {
			next = p.after
			break
		}
		p.after = id
		seen++
		r, err := decodeRow(id, b)
		if err != nil {
			return answer{}, err
		}
		if d, ok := c.device(&r); ok && match.match(&d) {
			rows = append(rows, d)
		}
	}
	return c.respond("devices", rows, next)
}

func getDevice(c *call) (answer, error) {
	_, d, err := c.findDevice()
	if err != nil {
		return answer{}, err
	}
	return ok(d)
}

// findDevice is the row that the path names and what is shown of it.
func (c *call) findDevice() (row, Device, error) {
	id := c.req.PathValue("deviceId")
	r, found, err := getRow(c.tx, id)
	if err != nil {
		return r, Device{}, err
	}
	d, listed := c.device(&r)
	if !found || !listed {
		return r, d, errNoDevice(id)
	}
	return r, d, nil
}

func listAppVersions(c *call) (answer, error) {
	if _, err := c.queryDomain(); err != nil {
		return answer{}, err
	}
	return ok(map[string]any{"appVersions": c.Settings.AppVersions})
}
