package roadmap

import (
	"cmp"
	"math"
	"slices"
)

// cell is a place in a row: a station's card, or the passage of a line that runs through the row.
type cell struct {
	// station is the index of the station, -1 for a passage.
	station int
	width   float64
	// x is the middle of the cell.
	x float64
	// up and down are the cells of the neighbouring rows to which lines run.
	up, down []*cell
}

// layout places the stations in rows, so that every line runs downwards, and in each row near what it is tied to.
func layout(drawn []station, cardWidth, laneWidth, gap float64) [][]*cell {
	rows := rowsOf(drawn, cardWidth, laneWidth)
	for range 4 {
		for n := 1; n < len(rows); n++ {
			order(rows[n], func(c *cell) []*cell { return c.up }, rows[n-1])
		}
		for n := len(rows) - 2; n >= 0; n-- {
			order(rows[n], func(c *cell) []*cell { return c.down }, rows[n+1])
		}
	}
	for _, row := range rows {
		spread(row, gap)
	}
	for range 400 {
		for _, row := range rows {
			settle(row, gap)
		}
	}
	flush(rows)
	return rows
}

// rowsOf puts each station below everything that leads to it and a passage into each row that a line runs through.
func rowsOf(drawn []station, cardWidth, laneWidth float64) (rows [][]*cell) {
	depth := make([]int, len(drawn))
	cards := make([]*cell, len(drawn))
	place := func(row int, c *cell) *cell {
		for len(rows) <= row {
			rows = append(rows, nil)
		}
		rows[row] = append(rows[row], c)
		return c
	}
	for i, s := range drawn {
		for _, from := range s.after {
			depth[i] = max(depth[i], depth[from]+1)
		}
		cards[i] = place(depth[i], &cell{station: i, width: cardWidth})
	}
	for i, s := range drawn {
		for _, from := range s.after {
			last := cards[from]
			for row := depth[from] + 1; row < depth[i]; row++ {
				last = tie(last, place(row, &cell{station: -1, width: laneWidth}))
			}
			tie(last, cards[i])
		}
	}
	return rows
}

func tie(above, below *cell) *cell {
	above.down, below.up = append(above.down, below), append(below.up, above)
	return below
}

// order sorts a row by the mean place of what its cells are tied to, so that few lines cross.
func order(row []*cell, ties func(*cell) []*cell, neighbours []*cell) {
	mean := make(map[*cell]float64, len(row))
	for i, c := range row {
		tied := ties(c)
		if len(tied) == 0 {
			mean[c] = float64(i) / float64(len(row)) * float64(len(neighbours))
			continue
		}
		for _, t := range tied {
			mean[c] += float64(slices.Index(neighbours, t)) / float64(len(tied))
		}
	}
	slices.SortStableFunc(row, func(a, b *cell) int { return cmp.Compare(mean[a], mean[b]) })
}

// spread puts the cells of a row side by side around the middle.
func spread(row []*cell, gap float64) {
	total := -gap
	for _, c := range row {
		total += c.width + gap
	}
	left := -total / 2
	for _, c := range row {
		c.x = left + c.width/2
		left += c.width + gap
	}
}

// straighten is how much more a line between two passages pulls than any other: a line that runs through several rows
// is to run straight.
const straighten = 40

// settle moves the cells of a row as near as they can come to what they are tied to, without touching: the least
// squares of the distances, by pooling neighbours that would overlap.
func settle(row []*cell, gap float64) {
	type pool struct {
		sum, weight float64
		count       int
	}
	offsets := make([]float64, len(row))
	var pools []pool
	for i, c := range row {
		if i > 0 {
			offsets[i] = offsets[i-1] + row[i-1].width/2 + gap + c.width/2
		}
		want, weight := c.wanted()
		pools = append(pools, pool{weight * (want - offsets[i]), weight, 1})
		for n := len(pools) - 1; n > 0 && pools[n].sum/pools[n].weight < pools[n-1].sum/pools[n-1].weight; n-- {
			last, before := pools[n], pools[n-1]
			pools = append(pools[:n-1], pool{before.sum + last.sum, before.weight + last.weight, before.count + last.count})
		}
	}
	i := 0
	for _, p := range pools {
		for range p.count {
			row[i].x = p.sum/p.weight + offsets[i]
			i++
		}
	}
}

// wanted is where a cell would be best, by what it is tied to, and how much that matters.
func (c *cell) wanted() (x, weight float64) {
	for _, tied := range [][]*cell{c.up, c.down} {
		for _, t := range tied {
			pull := 1.0
			if c.station < 0 && t.station < 0 {
				pull = straighten
			}
			x += pull * t.x
			weight += pull
		}
	}
	if weight == 0 {
		return c.x, 1
	}
	return x / weight, weight
}

// flush moves everything so that the leftmost cell begins at zero.
func flush(rows [][]*cell) {
	left := math.Inf(1)
	for _, row := range rows {
		for _, c := range row {
			left = min(left, c.x-c.width/2)
		}
	}
	for _, row := range rows {
		for _, c := range row {
			c.x -= left
		}
	}
}
