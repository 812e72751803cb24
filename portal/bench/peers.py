"""What the roster is compared with: Django's own admin, and a viewset written without a thought for the database.

Both show the same people in the same order, on the portal's own tables. No page of the portal leads here.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import include, path
from rest_framework import pagination, serializers, viewsets
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.routers import SimpleRouter

from cells.models import Cell, Company
from members.models import Member

SIZE = 50
ORDER = ("memberships__cell__path", "name_pinyin", "pk")


def everybody() -> QuerySet[Member]:
    """All on a roster now, in the order of the roster."""
    current = Member.objects.filter(memberships__voided_at__isnull=True, memberships__valid__upper_inf=True)
    return current.order_by(*ORDER)


class Site(admin.AdminSite):
    """The admin, open to whoever is signed in: what is compared is its work, not its door."""

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated


class MemberAdmin(admin.ModelAdmin):
    list_display = (
        "name", "code", "gender", "ethnicity", "birth_date", "education", "category", "joined_on", "converted_on",
        "post",
    )  # fmt: skip
    list_filter = ("category", "gender", "standing")
    search_fields = ("name",)
    list_per_page = SIZE
    ordering = ORDER

    def get_queryset(self, request: HttpRequest) -> Any:
        return everybody()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


class CellSerializer(serializers.ModelSerializer):
    class Meta:
        model = Cell
        fields = ("code", "name", "short_name", "kind")


class CompanySerializer(serializers.ModelSerializer):
    class Meta:
        model = Company
        fields = ("code", "name", "district")


class MemberSerializer(serializers.ModelSerializer):
    """Each row asks for its cell and its employer by itself."""

    cell = serializers.SerializerMethodField()
    employer = CompanySerializer()

    class Meta:
        model = Member
        exclude = ("uid", "user", "merged_into", "voided_by")

    def get_cell(self, member: Member) -> Any:
        return CellSerializer(member.cell).data


class Numbered(pagination.PageNumberPagination):
    page_size = SIZE


class MemberViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Member.objects.none()
    serializer_class = MemberSerializer
    pagination_class = Numbered
    renderer_classes = [JSONRenderer]
    authentication_classes = [SessionAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes: list[Any] = []
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Member]:
        return everybody()


site = Site(name="admin")
site.register(Member, MemberAdmin)
router = SimpleRouter()
router.register("members", MemberViewSet, basename="naive-member")
urlpatterns = [
    path("peers/admin/", site.urls),
    path("peers/naive/", include(router.urls)),
    path("", include("portal.urls")),
]
