"""Make files of strangers, and try whether what becomes of them is right: municipalities that nobody here has seen.

`make strangers`, or `python -m benchmarks.strangers [N [SEED]]`: N strangers from seed SEED on (200 from 0), each in a home of
its own. One: `python -m benchmarks.strangers 1 17 --keep FOLDER` keeps the home, and prints each value that is not right.

From its seed alone a stranger gets a style (an export of a system, a workbook kept by hand with a sheet per year, columns per
life domain, a change of system between two deliveries ...), headings and words from public practice (`words.toml`), and mess of
the kinds that real files have. With every cell that is written the maker keeps what it truly says, in codes of the data
dictionary, so that the processed tables can be held against it cell by cell; and what the analyst knows: what a heading means,
a word, a row. The trial adds the files, fills in the Excel form by that knowledge (only what is asked, only with words that its
lists offer), builds, and compares. Each value is

- *right*;
- *not expressible*: a question stayed open because no answer of the form says what the analyst knows, or it was never asked;
- *said, not right*: not as it should be, and a message or the account of the rows says so;
- *silently wrong*: not as it should be, and nothing says so. There must be none.

The maker (`book`, `styles`, `mess`, `words.toml`) knows nothing of what the library happens to know: it reads none of its code
or vocabulary, and whoever changes it must not either. Only `trial` uses the library. What a stranger is made of is invented;
the card alone says so.

| room | holds |
|---|---|
| `book` | the model of sheets and cells, the world of cases, how one municipality writes, files, the truth |
| `styles` | the ways of keeping and handing over a register |
| `mess` | the kinds of mess, each with what it means for the truth |
| `trial` | the form filled in, the delivery, the comparison, the tally |
"""
