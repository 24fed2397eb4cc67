"""Catalogues, locales, plural and date forms.
No Flask: the web and text channels both use it.
"""
