#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""Starts the wiki: everything of interest is in the package website."""

from wsgiref.handlers import CGIHandler

from website import app

CGIHandler().run(app)
