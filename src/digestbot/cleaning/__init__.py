"""Text to labelled blocks: what is the article, and what is the page around it.

    lines ──► shape of each line ──► furniture by vocabulary ──► zones (head, body, tail) ──► headings by
    what follows them ──► lines cut where only a part is body (datelines, biographies, corrections) ──► blocks

Nothing is thrown away and the text is never altered: every line that is not blank becomes one block or
several, each with a label. Only blocks labelled body or list item are read further.
"""

from digestbot.cleaning.labels import label_blocks

__all__ = ["label_blocks"]
