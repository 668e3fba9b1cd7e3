"""Small closed lists of words that the rules of this package lean on."""

_ABBREVIATIONS = """
dr mr mrs ms prof st jr sr rev hon gen col capt lt sgt messrs gov sen rep vs etc cf approx dept
est inc ltd corp bros incl excl resp bzw vgl ca evtl ggf usw dgl sog jan feb mar apr jun jul aug
sep sept oct nov dec
"""
_REFERENCES = """
no nos nr art arts sec secs abs p pp fig figs vol ch para paras rule reg app tel ext ver v s rn
ziff kap anl tab eq ref
"""
_OPENERS = """
the this that these those it its he she they we you i if in on at for but and however a an there
when while as after before under since each all no
"""
_MONTHS = """
januar februar märz april mai juni juli august september oktober november dezember january
february march may june july october december
"""
_NEGATORS = """
not no never none neither nor without cannot nobody nothing nowhere nicht kein keine keinen keiner
keinem nie niemals ohne
"""
_NEGATED_VERBS = """
don't doesn't didn't isn't aren't wasn't weren't won't can't couldn't shouldn't mustn't hasn't
haven't hadn't wouldn't
"""

BEFORE_ANY = frozenset(_ABBREVIATIONS.split())
"""Words whose full stop never ends a sentence."""

BEFORE_NUMBER = frozenset(_REFERENCES.split())
"""Words whose full stop ends no sentence when a number follows."""

STARTERS = frozenset(_OPENERS.split())
"""Words that begin a sentence after an initial, as in "vitamin C. The"."""

MONTHS = frozenset(_MONTHS.split())
"""Names of months, before which a number and a full stop are a day."""

NEGATORS = frozenset(_NEGATORS.split() + _NEGATED_VERBS.split())
"""Words that turn what a sentence says into its opposite."""
