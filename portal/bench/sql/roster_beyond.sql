AND c.path >= %(path)s AND (c.path, m.name_pinyin, s.id) > (%(path)s, %(pinyin)s, %(id)s)
