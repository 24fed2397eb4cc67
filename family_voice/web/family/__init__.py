"""What families see: the explanation, the permission, the questions, and what stands for them.
Plain English, nothing preselected, nothing lost.
"""
