"""Write sheets, workbooks, forms and projects, with the mess of real ones."""
