"""What every audience's pages share: the frame, headers, language, forms and error pages.
`init_pages`, `init_language`, `init_forms`, `init_headers` and `init_errors` wire it to an app.
"""
