"""The torch annex: the only place that imports torch (extra ``torch``)."""
