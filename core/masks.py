"""What is shown of a number that is not to be read in full: enough to tell two people apart, too little to use."""


def mask_id_number(number: str) -> str:
    """``110***********002X``."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else "*" * len(number)


def mask_mobile(mobile: str) -> str:
    """``138****8000``; a number too short to be a mobile is covered whole."""
    return f"{mobile[:3]}****{mobile[-4:]}" if len(mobile) >= 11 else "*" * len(mobile)
