"""What the features of a layer are called, in one text that is searched in a few milliseconds."""

from bisect import bisect_right
from itertools import accumulate

from web.likeness import plain

WORDS = 6  # of a question that count
ENOUGH = 400  # lines that are looked at for the best


class Names:
    """rows: (uid, what it is called ...). once: of several with one name the first stands for all."""

    def __init__(self, rows: list[tuple[str | None, ...]], once: bool):
        lines = ["\t" + "\t".join(" ".join(str(part).split()) for part in (*row[1:], row[0]) if part) for row in rows]
        self.text = plain("\n".join(lines))
        self.lines = self.text.split("\n") if rows else []
        self.starts = list(accumulate((len(line) + 1 for line in self.lines), initial=0))
        self.uids = [str(row[0]) for row in rows]
        self.once = once

    def like(self, asked: str, limit: int) -> list[str]:
        """The uids of those that hold all words, first those of which a name begins with them, then the shortest."""
        words = plain(asked).split()[:WORDS]
        if not words:
            return []
        start = "\t" + " ".join(words)
        first = self._with(start, words)
        found = list(dict.fromkeys([*first, *self._with(max(words, key=len), words)]))
        begin = set(first)
        found.sort(key=lambda i: (i not in begin, len(self.lines[i]), self.lines[i]))
        return [self.uids[i] for i in self._single(found)[:limit]]

    def _with(self, part: str, words: list[str]) -> list[int]:
        """The first lines that hold a part and all words."""
        found: list[int] = []
        at = self.text.find(part)
        while at >= 0 and len(found) < ENOUGH:
            i = bisect_right(self.starts, at) - 1
            if all(word in self.lines[i] for word in words):
                found.append(i)
            at = self.text.find(part, self.starts[i + 1] - 1)
        return found

    def _single(self, found: list[int]) -> list[int]:
        if not self.once:
            return found
        names = {self.lines[i].split("\t")[1]: i for i in reversed(found)}
        return [i for i in found if names[self.lines[i].split("\t")[1]] == i]
