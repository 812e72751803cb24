"""The field keys in service: where values are sealed with them, whether they are the right ones, how to change them."""
