"""What tests of ledgers share: the scenes, small workbooks, an import carried to where it is wanted."""
