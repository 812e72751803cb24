"""The kinds of problems, each with a page of its own at ``/problems/<slug>/``: what happened, and what to do."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Kind(NamedTuple):
    status: int
    title: Any
    meaning: Any
    remedy: Any


KINDS = {
    "bad-input": Kind(
        400,
        _("填写的内容有误"),
        _("有些内容没有填、填错了，或者与现有记录不符。errors 逐项写明在哪里、为什么。"),
        _("按 errors 里的说明改好再发送。什么也没有保存。"),
    ),
    "unreadable": Kind(
        400,
        _("内容读不懂"),
        _("正文或地址不合格式：不是 JSON 对象、层数太深、项太多、同一个键出现两次、数字太大，或含有不能保存的字符。"),
        _("请用 UTF-8 的 JSON 对象，层数不超过 32，每个键只写一次。"),
    ),
    "unknown-parameter": Kind(
        400,
        _("地址里有不认识的参数"),
        _("写错的参数如果被忽略，得到的就会是另一份名单，所以这里会拒绝。"),
        _("detail 列出了这个地址可用的全部参数，请核对拼写。"),
    ),
    "not-signed-in": Kind(
        401,
        _("请先登录"),
        _("没有带令牌，令牌已经失效，或者登录已过期。"),
        _("请重新登录，或在请求头 Authorization 中写 Bearer 和令牌。"),
    ),
    "not-allowed": Kind(
        403,
        _("您不能办理这件事"),
        _("这条记录您看得到，但您的职务或令牌不包括这件事。"),
        _("请由有权限的同志办理；令牌缺少这项用途的，请本人另建一个。"),
    ),
    "second-factor": Kind(
        403,
        _("请先设置第二验证方式"),
        _("您担任的职务要求第二验证方式，设置之前不能办事。"),
        _("请在网页登录后，到设置里添加验证器应用或通行密钥。"),
    ),
    "not-found": Kind(
        404,
        _("没有找到"),
        _("没有这条记录，或者它不在您的范围内：两种情况的答复完全相同。"),
        _("请核对编号和地址；地址以斜线结尾。"),
    ),
    "method-not-allowed": Kind(
        405,
        _("这个地址不接受这种方法"),
        _("请求头 Allow 列出了这个地址接受的方法。"),
        _("请核对接口文档。"),
    ),
    "out-of-turn": Kind(
        409,
        _("这件事现在不能办"),
        _("事情本身可以办，但按现在的情况还不行，或者已经有人办过。"),
        _("请重新读取记录，按 detail 的说明处理后再试。"),
    ),
    "overtaken": Kind(
        409,
        _("刚才有人先改动了这里"),
        _("您的改动与同时进行的另一项改动冲突，没有保存。"),
        _("请重新读取后再试一次。"),
    ),
    "length-required": Kind(
        411,
        _("请写明正文的长度"),
        _("正文是分块发送的（Transfer-Encoding），没有写明长度，所以没有读取。"),
        _("请用 Content-Length 写明正文的字节数再发送。什么也没有保存。"),
    ),
    "stale": Kind(
        412,
        _("这条记录已经被改过"),
        _("If-Match 写的不是现在的版本：您读取之后，有人改过它。"),
        _("请重新读取，核对之后用新的 ETag 再发送。现在的 ETag 在响应头里。"),
    ),
    "too-large": Kind(
        413,
        _("内容太大"),
        _("正文最多 2 MB。"),
        _("请分几次发送。"),
    ),
    "unsupported-media-type": Kind(
        415,
        _("不接受这种格式的正文"),
        _("接口只接受 application/json；上传文件的地址另有说明。"),
        _("请把 Content-Type 写成 application/json。"),
    ),
    "key-reused": Kind(
        422,
        _("同一个键用在了不同的内容上"),
        _("这个 Idempotency-Key 在 24 小时内已经用于另一份内容。"),
        _("内容不同时请换一个新的键。"),
    ),
    "version-required": Kind(
        428,
        _("请写明改的是哪个版本"),
        _("修改有版本的记录时，必须在 If-Match 里写上读取时得到的 ETag，以免盖掉别人的改动。"),
        _("请先读取这条记录，再带上它的 ETag 发送。"),
    ),
    "too-many": Kind(
        429,
        _("请求太频繁"),
        _("每个令牌、每个人每分钟最多 600 次。"),
        _("请等 Retry-After 写的秒数再试。"),
    ),
    "fault": Kind(
        500,
        _("系统出错了"),
        _("这不是您的问题。响应头 X-Request-ID 的编号可以帮助查找原因。"),
        _("请过一会儿再试；还不行，请把编号告诉管理员。"),
    ),
    "unavailable": Kind(
        503,
        _("系统暂时没有响应"),
        _("数据库或队列暂时连不上，什么也没有保存。"),
        _("请等 Retry-After 写的秒数再试。"),
    ),
}

# What a bare status is taken for where nothing more is known.
BY_STATUS = {
    400: "unreadable", 401: "not-signed-in", 403: "not-allowed", 404: "not-found", 405: "method-not-allowed",
    409: "overtaken", 411: "length-required", 412: "stale", 413: "too-large", 415: "unsupported-media-type",
    422: "key-reused", 428: "version-required", 429: "too-many", 500: "fault", 503: "unavailable",
}  # fmt: skip
