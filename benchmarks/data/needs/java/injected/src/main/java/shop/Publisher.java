package shop;

interface Publisher {
  String publish(String text);
}
