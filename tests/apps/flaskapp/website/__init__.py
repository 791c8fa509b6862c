# -*- coding: utf-8 -*-
from flask import Flask

from website import settings

app = Flask('website')
app.config.from_object(settings)

# the views register themselves, so this has to come last
import website.views
