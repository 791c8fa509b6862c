# -*- coding: utf-8 -*-
from flask import abort, flash, redirect, render_template, request, url_for

from website import app
from website.decorators import admin_required
from website.models import Page


@app.route('/')
def index():
    return redirect(url_for('show', name='FrontPage'))


@app.route('/wiki/<name>')
def show(name):
    page = Page.get_by_key_name(name)
    return render_template('show.html', name=name, page=page)


@app.route('/wiki/<name>/edit', methods=['GET', 'POST'])
def edit(name):
    page = Page.get_by_key_name(name) or Page(key_name=name)
    if request.method == 'POST':
        page.text = request.form.get('text', u'')
        page.put()
        flash(u'Saved – thank you.')
        return redirect(url_for('show', name=name))
    return render_template('edit.html', name=name, page=page)


@app.route('/wiki/<name>/delete')
@admin_required
def delete(name):
    page = Page.get_by_key_name(name)
    if page is None:
        abort(404)
    page.delete()
    return redirect(url_for('index'))


@app.errorhandler(404)
def page_not_found(e):
    return render_template('404.html'), 404
