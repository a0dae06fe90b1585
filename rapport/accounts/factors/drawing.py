"""A picture that a phone's camera reads."""


def picture_of(text: str) -> str:
    """Return a QR code of the text as the address of an image (a `data:` URI with SVG).

    Black on white in either theme: many apps read nothing else.
    """
    import segno

    code = segno.make(text, error="m", micro=False)
    return code.svg_data_uri(border=4, dark="#000", light="#fff", omitsize=True)
