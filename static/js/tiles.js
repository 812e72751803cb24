// The arrow keys go from tile to tile, to the nearest one on that side. Without this file Tab goes through them in order.
(() => {
  "use strict";

  const SIDES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  const middle = (tile) => {
    const box = tile.getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };

  // What lies off the line counts for more than what lies far along it.
  const nearest = (from, tiles, [right, down]) => {
    const [x, y] = middle(from);
    let best = null;
    let least = Infinity;
    tiles.forEach((tile) => {
      const [left, top] = middle(tile);
      const along = (left - x) * right + (top - y) * down;
      const aside = Math.abs((left - x) * down) + Math.abs((top - y) * right);
      if (along > 1 && along + 3 * aside < least) { best = tile; least = along + 3 * aside; }
    });
    return best;
  };

  document.querySelectorAll(".tiles").forEach((group) => {
    group.addEventListener("keydown", (event) => {
      const tile = event.target.closest(".tile");
      if (!tile || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const tiles = Array.from(group.querySelectorAll("a.tile"));
      const next = event.key === "Home" ? tiles[0]
        : event.key === "End" ? tiles[tiles.length - 1]
        : SIDES[event.key] && nearest(tile, tiles, SIDES[event.key]);
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
  });
})();
